-- What the policy asks of governors and the head beyond a visit.
select duty.kind('governance', 'What governors see to',
	'{"statements": {"type": "texts", "required": true}}', about => 'policy') \g /dev/null
