# The second factor.

## At a door
two-factor-step-title = One more step
two-factor-step-code = Enter the code that your authenticator app shows.
two-factor-step-backup = Enter one of your backup codes. It works once.
two-factor-step-email = Enter the code that was sent to your account’s address.
two-factor-step-none = This account has no second factor left that works here. Write to us to get in.
two-factor-code-label = Six-digit code
two-factor-backup-label = Backup code
two-factor-trust =
    { $days ->
        [one] Do not ask on this device for { $days } day
       *[other] Do not ask on this device for { $days } days
    }
two-factor-submit = Sign in
two-factor-use-code = Use the authenticator app
two-factor-use-backup = Use a backup code
two-factor-use-email = Get a code by e-mail
two-factor-send = Send a code
two-factor-send-hint = We send it to your account’s address. An earlier code then no longer works.
two-factor-limited =
    { $seconds ->
        [one] Too many tries. Try again in { $seconds } second.
       *[other] Too many tries. Try again in { $seconds } seconds.
    }
two-factor-limited-over = You can try again.
two-factor-ended-title = This sign-in has ended
two-factor-ended-too-many = Too many wrong codes. To protect your account, begin the sign-in again.
two-factor-ended-again = Start again

## On the account's page
two-factor-title = Two-factor authentication
two-factor-is-on = On: a second code is asked for at each sign-in.
two-factor-is-off = Off: one proof is enough to sign in to your account.
two-factor-is-required = Your account needs it: it cannot be switched off.
two-factor-password-label = Your password
two-factor-begin-title = Authenticator app
two-factor-begin-hint = An app on your phone shows a code that changes every thirty seconds.
two-factor-begin = Set up an app
two-factor-email-title = Codes by e-mail
two-factor-email-hint = A code is sent to your address after the password. An app protects better.
two-factor-begin-email = Get codes by e-mail
two-factor-enrol-title = Set up your app
two-factor-enrol-scan = Scan this code with your authenticator app.
two-factor-enrol-image = QR code for your authenticator app. The key is also written out below.
two-factor-enrol-by-hand = Cannot scan it? Type this key into the app:
two-factor-enrol-again = Enter the next code of your app. If you have not set it up yet, start again from your account.
two-factor-confirm = Confirm
two-factor-codes-title = Backup codes
two-factor-codes-left =
    { $left ->
        [0] You have none left.
        [one] You have { $left } left.
       *[other] You have { $left } left.
    }
two-factor-new-codes = Make new codes
two-factor-codes-keep = Print or copy these codes and keep them safe: they stand in for your app if you lose it.
two-factor-codes-once = Each works once. They are not shown again, and earlier ones no longer work.
two-factor-codes-write = Write these codes down, or select and copy them: without JavaScript this page cannot do it for you.
two-factor-codes-of = Backup codes for { $app }
two-factor-codes-each-once = Each code works once, in place of the code of the app.
two-factor-codes-print = Print
two-factor-codes-copy = Copy
two-factor-codes-download = Download
two-factor-codes-copied = The codes are copied. Paste them somewhere safe.
two-factor-codes-selected = This browser does not let us copy. The codes are selected: copy them yourself.
two-factor-codes-file = backup-codes.txt
two-factor-codes-done = I have noted them, back to my account
two-factor-disable-title = Switch off
two-factor-disable-hint = Your backup codes and trusted devices go as well.
two-factor-disable = Switch two-factor authentication off
two-factor-devices-title = Trusted devices
two-factor-devices-hint = On these devices the second code is not asked for.
two-factor-device-dates = Since { $since }, last used { $used }
two-factor-forget = Remove
two-factor-said-on = Two-factor authentication is on.
two-factor-said-off = Two-factor authentication is off.
two-factor-said-forgotten = This device is no longer trusted.

## Mails
two-factor-mail-subject = Your sign-in code
two-factor-mail-preheader =
    { $minutes ->
        [one] Good for { $minutes } minute.
       *[other] Good for { $minutes } minutes.
    }
two-factor-mail-intro = This is the second code to sign in to { $app }:
two-factor-mail-validity =
    { $minutes ->
        [one] It is good for { $minutes } minute and works once.
       *[other] It is good for { $minutes } minutes and works once.
    }
two-factor-mail-secret = Give it to nobody: { $app } will never ask you for it.
two-factor-mail-not-you = You are not signing in? Somebody knows your password: change it without delay.

two-factor-enabled-subject = Two-factor authentication is on
two-factor-enabled-intro = Two-factor authentication has just been switched on for your account { $app }.
two-factor-disabled-subject = Two-factor authentication is off
two-factor-disabled-intro = Two-factor authentication has just been switched off for your account { $app }.
two-factor-new-codes-subject = New backup codes
two-factor-new-codes-intro = New backup codes have just been made for your account { $app }. Earlier ones no longer work.
two-factor-backup-used-subject = A backup code was used
two-factor-backup-used-intro = A backup code of your account { $app } has just been used. Codes left: { $what }.
two-factor-locked-subject = Too many wrong codes
two-factor-locked-intro = Too many wrong codes were entered for your account { $app }, after a right first factor. It is locked for a few minutes.

## At a door, for who must have one
two-factor-required-title = One more thing to set up
two-factor-required-why = Your account needs a second factor: a code from an app, beside what you have just used to sign in.
two-factor-required-app = You need an authenticator app on your phone, such as FreeOTP, Aegis or Google Authenticator. It takes a minute, once.
two-factor-set-up-codes = Keep these codes somewhere safe before you go on: each stands in once for your app if you lose it. They are not shown again.
two-factor-set-up-first = The first code of your app
two-factor-set-up-again = Enter the next code of your app.
two-factor-set-up-anew = Nothing set up yet? Start again
