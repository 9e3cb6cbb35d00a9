# Sign-in with an address and a password.

## The form
email-password-email-label = E-mail address
email-password-address-or-name-label = E-mail address or user name
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

## Signing up
email-password-sign-up-link = Create an account
email-password-sign-up-title = Create an account
email-password-sign-up-submit = Create my account
email-password-sign-up-closed-title = Sign-up is closed
email-password-sign-up-closed = No account can be created here. If you already have one, sign in.
email-password-name-label = Name
email-password-name-optional = Name (optional)
email-password-name-missing = Enter your name.
email-password-new-label = New password
email-password-new-missing = Choose a password.
email-password-new-hint =
    { $least ->
        [one] At least { $least } character. A whole sentence is fine.
       *[other] At least { $least } characters. A whole sentence is fine.
    }
email-password-have-account = You already have an account?
email-password-to-login = Sign in
email-password-made = Done. Sign in with your address and your password.

## A forgotten password
email-password-forgot-link = Forgot your password?
email-password-forgot-title = Forgotten password
email-password-forgot-intro = We send you a link to choose a new one.
email-password-forgot-submit = Get the link
email-password-sent-title = Check your inbox
email-password-forgot-sent = If an account has this address, a link has just been sent to it:
email-password-sent-hint = Nothing came? Look among the junk mail, and check the address.
email-password-ask-again = Ask for a new link
email-password-reset-title = New password
email-password-reset-intro = Choose a new password. Other devices will be signed out.
email-password-reset-submit = Save and sign in
email-password-reset-stale = This link has been used or is no longer valid. If you have just changed your password, all is done; if not, ask for a new link.
email-password-reset-done = Your password is changed. Sign in with the new one.

## Proving an address
email-password-verify-title = Confirm the address
email-password-verify-sent = If all is in order, a message is on its way to this address. Open the link in it. Nothing came? Ask for another one:
email-password-verify-ask = We send a link to your address to confirm it.
email-password-verify-submit = Get a confirmation link
email-password-verify-expired = This confirmation link has expired. Ask for another one.
email-password-verify-stale = This confirmation link is not valid. Ask for another one.
email-password-sent-again = Your request is in: if the address is to be confirmed, a link is on its way to it.
email-password-proven-title = Address confirmed
email-password-proven = Thank you: your e-mail address is confirmed.
email-password-go-on = Go on

## In one's own account
email-password-unproven = This address is not confirmed yet.
email-password-none = This account has no password.
email-password-change = Change the password
email-password-set-first = Choose a password
email-password-change-intro = Other devices will be signed out.
email-password-current-label = Current password
email-password-show-current = Show the current password
email-password-change-submit = Save
email-password-changed = Your password is changed. Other devices are signed out.
email-password-set = Your password is saved.
email-password-change-email = Change the address
email-password-change-email-title = Change of address
email-password-change-email-now = Current address:
email-password-new-email-label = New e-mail address
email-password-change-email-submit = Get the link
email-password-change-sent-old = To approve the change, open in this browser the link that was sent to your current address:
email-password-change-sent-new = If the new address is free, a link is on its way to it. Open it in this browser.
email-password-approved = Noted. Now open, in this browser, the link that was sent to the new address.
email-password-moved = Your account now has this address:
email-password-change-elsewhere = This link works only in the browser where you are signed in to this account. Sign in, then open it again.
email-password-change-taken = This address is no longer free. Your account keeps its own.
email-password-change-stale = This link is no longer valid. Ask for the change again from your account.
email-password-to-account = Go to my account

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

email-password-changed-subject = Your password was changed
email-password-changed-intro = The password of your { $app } account was just changed.
email-password-changed-not-you = If it was you, there is nothing to do. If not, ask for a new password right away: that ends every open session.

email-password-moved-subject = Your account has a new address
email-password-moved-intro = Your { $app } account has another e-mail address now, which was just confirmed.
email-password-moved-not-you = If it was you, there is nothing to do: sign in with the new address. If not, write to us right away: this address no longer opens the account.

email-password-taken-subject = You already have an account
email-password-taken-intro = Somebody tried to make a { $app } account with your e-mail address, which already has one.
email-password-taken-not-you = If it was you, sign in, or ask for a new password if you forgot yours. If not, ignore this message: nothing changed, and nobody learnt that this account exists.
