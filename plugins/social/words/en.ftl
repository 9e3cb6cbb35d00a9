# Sign-in with other providers.

## At a door
social-continue = Continue with { $provider }
social-error-denied = You stopped the sign-in. You can start again.
social-error-state = This attempt has expired or began in another browser. Please start again.
social-error-unknown = Nobody has an account here under this name.
social-error-not-linked = There already is an account with this address. Sign in as usual, then link the other account on your page.
social-error-no-email = This provider does not tell us your e-mail address. Allow it to, and start again.
social-error-other-email = The e-mail address of that account is not yours here.
social-error-taken = That account could not be linked: it is linked to somebody else, or its address is not confirmed.
social-error-unavailable = This provider does not answer at the moment. Try again shortly, or choose another way to sign in.
social-error-code = This code is no longer valid. Please start again.
social-error-tries = Too many wrong codes for this address. Try again later.
social-error-too-many = Too many codes were sent to this address. Try again later.
social-error-other = The sign-in with this provider did not work. Start again, or choose another way to sign in.

## The proof of an address
social-code-title = Confirm your address
social-code-why = There already is an account here with this address. To make sure that it is yours, we have just sent a six-digit code to it:
social-code-label = Six-digit code
social-code-submit = Confirm
social-code-missing = Enter every digit of the code.
social-code-wrong = Invalid or expired code

## Its mail
social-mail-subject = Confirm your e-mail address
social-mail-intro = Somebody is signing in to { $app } with another account that has your address. To confirm that it is you, enter this code:
social-mail-validity =
    { $minutes ->
        [one] It is valid for { $minutes } minute and works once.
       *[other] It is valid for { $minutes } minutes and works once.
    }
social-mail-not-you = You did not ask for this? Give the code to nobody: without it, nothing changes.

## The own account
social-accounts-title = Linked accounts
social-accounts-since = since { $day }
social-accounts-only = This is your only way to sign in: it cannot be removed.
social-link = Link a { $provider } account
social-unlink = Remove { $provider }
social-linked-done = The account is linked.
social-unlinked-done = The account is no longer linked.

## Notices
social-linked-subject = An account was linked to yours
social-linked-intro = A { $what } account can now be used to sign in to your { $app } account.
social-unlinked-subject = A linked account was removed
social-unlinked-intro = The { $what } account can no longer be used to sign in to your { $app } account.
