# Sign-in with an address and a password.

## The form
email-password-email-label = E-mail address
email-password-email-invalid = This e-mail address looks incomplete. Example: first.last@example.com
email-password-password-label = Password
email-password-password-missing = Enter your password.
email-password-show = Show the password
email-password-submit = Sign in
email-password-limited =
    { $seconds ->
        [one] Too many tries. Try again in { $seconds } second.
       *[other] Too many tries. Try again in { $seconds } seconds.
    }
email-password-limited-over = You can try again.

## Mails
email-password-hello = Hello,
email-password-hello-name = Hello { $name },

email-password-link-subject =
    { $purpose ->
        [reset] Choose a new password
        [approve] Approve your new e-mail address
        [change] Confirm your new e-mail address
       *[verification] Confirm your e-mail address
    }
email-password-link-intro =
    { $purpose ->
        [reset] You asked to change the password of your { $app } account. Open this link to choose a new one:
        [approve] You asked that your { $app } account have the address { $address } from now on. Open this link to approve; a second link then goes to that address:
        [change] Open this link to confirm that this is the new address of your { $app } account:
       *[verification] Open this link to confirm that this e-mail address is yours, for { $app }:
    }
email-password-link-button =
    { $purpose ->
        [reset] Choose a new password
        [approve] Approve the change
        [change] Confirm my new address
       *[verification] Confirm my address
    }
email-password-link-by-hand = The button does not work? Copy this address into your browser:
email-password-link-validity =
    { $purpose ->
        [reset] { $minutes ->
            [one] This link is good for { $minutes } minute and works once.
           *[other] This link is good for { $minutes } minutes and works once.
        }
       *[verification] { $minutes ->
            [one] This link is good for { $minutes } minute.
           *[other] This link is good for { $minutes } minutes.
        }
    }
email-password-link-not-you =
    { $purpose ->
        [reset] You did not ask for anything? Ignore this message: your password stays the same.
        [approve] You did not ask for anything? Do not open this link, and change your password: somebody is using your account.
        [change] You did not ask for anything? Ignore this message: without this link, no account will take this address.
       *[verification] You did not make an account? Do not open this link: without it, the address will not be confirmed.
    }

email-password-notice-subject =
    { $kind ->
        [sign-up] You already have an account
        [moved] Your account has a new address
       *[changed] Your password was changed
    }
email-password-notice-intro =
    { $kind ->
        [sign-up] Somebody tried to make a { $app } account with your e-mail address, which already has one.
        [moved] Your { $app } account has another e-mail address now, which was just confirmed.
       *[changed] The password of your { $app } account was just changed.
    }
email-password-notice-you =
    { $kind ->
        [sign-up] If it was you, sign in, or ask for a new password if you forgot yours.
        [moved] If it was you, there is nothing to do: sign in with the new address.
       *[changed] If it was you, there is nothing to do.
    }
email-password-notice-not-you =
    { $kind ->
        [sign-up] If not, ignore this message: nothing changed, and nobody learnt that this account exists.
        [moved] If not, write to us right away: this address no longer opens the account.
       *[changed] If not, ask for a new password right away: that ends every open session.
    }
