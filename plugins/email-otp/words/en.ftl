# Sign-in with a code received by e-mail.

## Step one: the address
email-otp-email-label = E-mail address
email-otp-email-hint =
    { $digits ->
        [6] We send a six-digit code there. No password to remember.
       *[other] We send a code of { $digits } digits there. No password to remember.
    }
email-otp-email-missing = Enter your e-mail address.
email-otp-email-invalid = This e-mail address looks incomplete. Example: first.last@example.com
email-otp-send = Get a code

## Step two: the code
email-otp-code-title = Check your inbox
email-otp-code-sent =
    { $digits ->
        [6] If this address is known here, a six-digit code has just been sent to it:
       *[other] If this address is known here, a code of { $digits } digits has just been sent to it:
    }
email-otp-change = Use another address
email-otp-code-label =
    { $digits ->
        [6] Six-digit code
       *[other] Code of { $digits } digits
    }
email-otp-code-hint = Enter it here, in this browser.
email-otp-code-auto =
    { $digits ->
        [6] It is checked as soon as you type the sixth digit.
       *[other] It is checked as soon as you type the last digit.
    }
email-otp-submit = Sign in
email-otp-invalid = Invalid or expired code
email-otp-code-missing = Enter all digits of the code.
email-otp-limited =
    { $seconds ->
        [one] Too many attempts. Try again in { $seconds } second.
       *[other] Too many attempts. Try again in { $seconds } seconds.
    }
email-otp-limited-over = You can try again.
email-otp-nothing-title = Nothing received?
email-otp-nothing-hint = Look in your spam folder and check the address above.
email-otp-resend = Send another code
email-otp-resend-wait =
    { $seconds ->
        [one] You can ask for a new code in { $seconds } second.
       *[other] You can ask for a new code in { $seconds } seconds.
    }
email-otp-resend-ready = You can ask for a new code.
email-otp-resent = Your new request is in. The previous code remains valid.

## The mail
email-otp-mail-subject =
    { $purpose ->
        [email-verification] Confirm your e-mail address
        [forget-password] Your code to change your password
        [change-email] Confirm your new e-mail address
       *[sign-in] Your sign-in code
    }
email-otp-mail-preheader =
    { $minutes ->
        [one] Valid for { $minutes } minute, once only. Give it to nobody.
       *[other] Valid for { $minutes } minutes, once only. Give it to nobody.
    }
email-otp-mail-hello = Hello,
email-otp-mail-hello-name = Hello { $name },
email-otp-mail-intro =
    { $purpose ->
        [email-verification] Here is the code that confirms this e-mail address is yours, for { $app }:
        [forget-password] Here is the code to choose a new password for { $app }:
        [change-email] Here is the code that confirms your new e-mail address for { $app }:
       *[sign-in] Here is your code to sign in to { $app }:
    }
email-otp-mail-validity =
    { $minutes ->
        [one] Enter it in the browser where you asked for it. It is valid for { $minutes } minute and works only once.
       *[other] Enter it in the browser where you asked for it. It is valid for { $minutes } minutes and works only once.
    }
email-otp-mail-secret = Give this code to nobody: we will never ask you for it, by phone or by message.
email-otp-mail-not-you =
    { $purpose ->
        [email-verification] You did not ask for anything? Ignore this message: without this code, the address will not be confirmed.
        [forget-password] You did not ask for anything? Ignore this message: your password stays the same.
        [change-email] You did not ask for anything? Ignore this message: without this code, no account will take this address.
       *[sign-in] You did not ask for anything? Ignore this message and keep the code to yourself: without it, this sign-in goes nowhere.
    }

email-otp-password-subject = Your password was changed
email-otp-password-intro = The password of your account was just replaced, with a code that came to this address.
email-otp-address-subject = The address of your account has changed
email-otp-address-intro = Your account now has the address { $what }. This one no longer opens it.
