# Passkeys.

## Signing in
passkey-sign-in = Sign in with a passkey
passkey-other-ways = Other ways to sign in
passkey-needs-script = Passkeys need JavaScript, which is off in this browser.
passkey-unsupported = This browser does not know passkeys.
passkey-cancelled = Nothing was confirmed. You can try again.
passkey-failed = This did not work. Reload the page and try again.
passkey-known = This device already has a passkey for your account.

## In the own account
passkey-title = Passkeys
passkey-none = A passkey signs you in with your finger, your face or the code of your device, without a password.
passkey-unnamed = Passkey
passkey-synced = Synced
passkey-since = Added on
passkey-edit = Manage
passkey-add = Add a passkey
passkey-add-intro = Your browser will ask you to confirm with your device or a security key.
passkey-add-submit = Add this passkey
passkey-name-label = Name
passkey-name-hint = To tell it from others, for example “Work laptop”. May stay empty.
passkey-name-missing = Enter a name.
passkey-name-long = This name is too long.
passkey-rename-submit = Save the name
passkey-remove = Remove this passkey
passkey-remove-intro = It will no longer sign you in. Remove it from your device too, where it stays listed.
passkey-added = The passkey was added.
passkey-renamed = The name was saved.
passkey-removed = The passkey was removed.

## Mails
passkey-added-subject = A passkey was added to your account – { $app }
passkey-added-intro = A passkey was added to your { $app } account ({ $what }). Whoever holds it can sign in.
passkey-removed-subject = A passkey was removed from your account – { $app }
passkey-removed-intro = A passkey was removed from your { $app } account ({ $what }). It no longer signs in.
