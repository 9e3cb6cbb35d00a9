# Words shared by every page and every mail.

## Layout
core-skip-to-content = Skip to content
core-language = Language
core-footer-safety = Nobody at { $app } will ever ask you for a code or a password, by phone or by message.
core-please-wait = One moment…

## Forms
core-missing-field = { $field } is required
core-limited =
    { $seconds ->
        [one] Too many tries. Try again in { $seconds } second.
       *[other] Too many tries. Try again in { $seconds } seconds.
    }
core-limited-over = You can try again.
core-show-password = Show the password

## Mails
core-mail-footer = Automatic message from { $app }. There is no need to reply.

core-delete-account-subject = Confirm the deletion of your account
core-delete-account-intro = You asked to delete your { $app } account, with everything in it. Open this link to confirm:
core-delete-account-button = Delete my account for good
core-delete-account-by-hand = The button does not work? Copy this address into your browser:
core-delete-account-where = The link works only in the browser where you are signed in.
core-delete-account-validity =
    { $hours ->
        [one] It is good for { $hours } hour and works once. What is deleted cannot be brought back.
       *[other] It is good for { $hours } hours and works once. What is deleted cannot be brought back.
    }
core-delete-account-not-you = You did not ask for anything? Do not open this link, and sign out of your devices: somebody is using your account.

## Notices of security
core-notice-hello = Hello,
core-notice-hello-name = Hello { $name },
core-notice-when = On { $moment } (UTC), from { $device }.
core-notice-unknown-device = an unknown device
core-notice-device-at = { $device } (address { $place })
core-notice-operator = our own hands: an operator of ours did it
core-notice-not-you = If it was you, there is nothing to do. If not, change your password or write to us at once.
core-password-set-subject = Your password was changed
core-password-set-intro = The password of your { $app } account was set anew, and you were signed out everywhere.
core-authenticator-removed-subject = A way to sign in was removed from your account
core-authenticator-removed-intro = Removed from your { $app } account: { $what }. You were signed out everywhere.
core-authenticator-removed-not-you = If you had asked for it, or we had told you of it, there is nothing to do. If not, write to us without delay.

## Session closed
core-signed-out-title = You are signed out
core-signed-out-message = Your session is closed on this device. You can safely leave this page.

## Errors
core-error-prefix = Error:
core-error-home = Back to the start
core-error-code = Error code
core-error-request = Reference to give us

core-error-title = Something went wrong
core-error-message = The error is on our side and we have recorded it. Try again in a moment.
core-error-not-found-title = Page not found
core-error-not-found-message = This address leads nowhere. Check it, or go back to the start.
core-error-bad-request-title = Request not understood
core-error-bad-request-message = The request is incomplete or malformed. Please start again.
core-error-forbidden-title = Access denied
core-error-forbidden-message = You are not allowed to open this page.
core-error-method-title = Not possible here
core-error-method-message = This address does not answer this kind of request.
core-error-too-large-title = Too much data
core-error-too-large-message = The request is larger than what is accepted.
core-error-expired-link-title = Link expired
core-error-origin-title = Request refused
core-error-origin-message = This request does not come from this page. For your safety, it was not processed.
core-error-unavailable-title = Service temporarily unavailable
core-error-unavailable-message = Too many people are here at the same time. Try again in a moment.
core-error-too-many-title = Too many requests
core-error-too-many-message =
    { $seconds ->
        [one] For your safety, wait { $seconds } second before trying again.
       *[other] For your safety, wait { $seconds } seconds before trying again.
    }
