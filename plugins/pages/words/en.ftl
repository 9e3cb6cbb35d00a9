# Hosted sign-in pages.

pages-login-or = or
pages-login-closed = No way to sign in is open here at the moment.

pages-sign-in-again = Sign in again
pages-sign-out = Sign out
pages-signed-in-title = You are signed in
pages-signed-in-as = Session open for
pages-signed-in-message = You can close this page. On a shared device, remember to sign out.

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
