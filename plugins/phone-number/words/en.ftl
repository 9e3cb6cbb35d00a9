# Phone numbers.

## Text messages (short, and of letters that fit into one message)
phone-number-sms-verify = { $code } is your { $app } code, good for { $minutes } minutes. Tell it to nobody.
phone-number-sms-reset = { $code } is your { $app } code for a new password, good for { $minutes } minutes. Tell it to nobody.

## Mails about changes
phone-number-added-subject = A phone number was added to your account
phone-number-added-intro = The phone number { $what } was added to your { $app } account. It signs in from now on.
phone-number-password-subject = Your password was changed
phone-number-password-intro = Your { $app } password was changed with a code sent to your phone.

## In other mails
phone-number-title = Phone number
