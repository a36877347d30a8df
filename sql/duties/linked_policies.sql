-- The policies that this one goes with.
select duty.kind('linked_policies', 'The policies that this one goes with',
	'{"policies": {"type": "texts", "required": true}}', about => 'policy') \g /dev/null
