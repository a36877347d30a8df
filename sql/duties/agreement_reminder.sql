-- A broken agreement is followed by a letter.
select duty.kind('agreement_reminder', 'A broken agreement is followed by a letter', about => 'agreement') \g /dev/null
