# Portals: one door for each kind of people.

prepare-login-client-title = Tenant portal
prepare-login-client-intro = Come in with the e-mail address your property manager knows: the one on your lease or your rent notices.

## Answers of a portal that says whether an address is known (reveal_unknown = true)
prepare-login-unknown = No account found for this email
prepare-login-other-role = This email is not associated with a client account
