# Sign-in by a link received by e-mail.

## The address
magic-link-email-label = E-mail address
magic-link-email-hint = We send a sign-in link there. No password to remember.
magic-link-email-invalid = This e-mail address looks incomplete. Example: first.last@example.com
magic-link-send = Send me a link

## It is on its way
magic-link-sent-title = Check your mail
magic-link-sent = If this address is known here, a sign-in link has just been sent to:
magic-link-sent-hint = Best opened in this browser. Nothing there? Look among unwanted mail.
magic-link-again = Ask for a new link

## Behind the link
magic-link-confirm-title = One more press
magic-link-confirm = You are about to sign in with this address:
magic-link-confirm-elsewhere = This link was asked for in another browser. Type the e-mail address at which you received it.
magic-link-another-address = This is not the address that the link was sent to.
magic-link-submit = Sign in
magic-link-refused-title = This link cannot be used
magic-link-refused = This link was used already, or is no longer valid.
magic-link-closed = There is no account with this address.

## The mail
magic-link-mail-subject = Your sign-in link
magic-link-mail-intro = Open this link to sign in to { $app }:
magic-link-mail-button = Sign me in
magic-link-mail-by-hand = The button does not respond? Copy this address into your browser:
magic-link-mail-validity =
    { $minutes ->
        [one] This link is good for { $minutes } minute and works once.
       *[other] This link is good for { $minutes } minutes and works once.
    }
magic-link-mail-not-you = You asked for nothing? Ignore this message and do not open the link: nobody will sign in.
