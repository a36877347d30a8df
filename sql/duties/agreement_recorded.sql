-- Where an agreement is kept.
select duty.kind('agreement_recorded', 'Agreements with parents are recorded',
	'{"kept_in": {"type": "places"}}', about => 'agreement') \g /dev/null
