-- Attendance below a percentage, or falling on, over so many months.
select duty.kind('legal_referral', 'When the authorities are told, so that they consider legal proceedings',
	'{"months": {"type": "int", "required": true, "min": 1, "max": 12},
	  "below_percent": {"type": "int", "min": 1, "max": 100},
	  "falling": {"type": "bool"}}', about => 'referral') \g /dev/null
