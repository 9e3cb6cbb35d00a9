# Hosted sign-in pages.

pages-login-or = or
pages-login-bad-link = This link has been used or is no longer good. Ask for a new one.
pages-login-failed = The sign-in did not work. Try again.
pages-login-closed = No way to sign in is open here at the moment.

pages-sign-in-again = Sign in again
pages-sign-out = Sign out
pages-signed-in-title = You are signed in
pages-signed-in-as = Session open for
pages-signed-in-message = You can close this page. On a shared device, remember to sign out.

## One's own account
pages-account-title = Your account
pages-account-open = Manage my account
pages-account-back = Back to the account
pages-again-title = Confirm that it is you
pages-again-message = You signed in a while ago. For this, sign in again: you will come back here afterwards.

pages-profile-title = Profile
pages-profile-email = E-mail address
pages-profile-proven = confirmed
pages-profile-unproven = not confirmed yet
pages-profile-name = Name
pages-profile-image = Web address of your picture
pages-profile-image-hint = Optional. Begins with https://
pages-profile-image-invalid = This web address looks incomplete. Example: https://example.com/picture.jpg
pages-profile-save = Save
pages-profile-saved = Your profile is saved.

pages-sessions-title = Devices signed in
pages-sessions-unknown-device = Unknown device
pages-sessions-here = this device
pages-sessions-since = Since
pages-sessions-place = address { $place }
pages-sessions-end = Sign out
pages-sessions-ended = The device is signed out.
pages-sessions-others = Sign out all other devices
pages-sessions-others-ended = All other devices are signed out.

pages-deletion-title = Delete the account
pages-deletion-intro = The account disappears with everything in it. Nothing can be brought back.
pages-deletion-open = Delete my account…
pages-deletion-warning = This account will disappear with everything in it. Nothing can be brought back.
pages-deletion-by-mail = To confirm, we send a link to this address. The account is deleted only when you open it.
pages-deletion-password = Your password
pages-deletion-password-missing = Enter your password.
pages-deletion-send-link = Get the confirmation link
pages-deletion-submit = Delete for good
pages-deletion-sent-title = Check your inbox
pages-deletion-sent-message = The link that deletes the account is on its way. Open it in this browser, where you are signed in:
pages-deleted-title = Account deleted
pages-deleted-message = Your account and everything in it have been deleted.

## Development mailbox
pages-mailbox-title = Mailbox
pages-mailbox-intro = Messages that would have been mailed. This page exists in development only.
pages-mailbox-reload = Refresh
pages-mailbox-empty = No message yet.
pages-mailbox-count =
    { $count ->
        [one] { $count } message
       *[other] { $count } messages, newest first
    }
pages-mailbox-code = Code
pages-mailbox-no-code = No code
pages-mailbox-to = To
pages-mailbox-at = At
pages-mailbox-read = Read the message
