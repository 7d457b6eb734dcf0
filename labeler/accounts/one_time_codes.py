"""A code of an authenticator app counts once.

django-allauth accepts a code in its own period of 30 s and `MFA_TOTP_TOLERANCE` periods around it, but remembers a
used one for a single period, in the cache: of the 90 s in which a code is good, one used early could be used again in
the last 60. So the last accepted period is kept beside the secret, and that one and all before it are refused (RFC
6238, 5.2).
"""

import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import User

LAST_PERIOD = "last_period"


class OneTimeTotp(auth.TOTP):  # type: ignore[misc]  # allauth has no types
    """The library's authenticator app, without replay."""

    @classmethod
    def activate(cls, user: User, secret: str) -> "OneTimeTotp":
        """Turn the app on. The code that did it is used, too: that of the present period, unless a clock is off."""
        made: OneTimeTotp = super().activate(user, secret)
        made._remember(int(time.time()) // app_settings.TOTP_PERIOD)
        return made

    def validate_code(self, code: str) -> bool:
        """True for a code of a period after all that were used.

        The library's own check keeps two requests that come at once apart.
        """
        if not super().validate_code(code):
            return False
        period = self._period_of(code)
        if period <= self.instance.data.get(LAST_PERIOD, -1):
            return False
        self._remember(period)
        return True

    def _period_of(self, code: str) -> int:
        secret = decrypt(self.instance.data["secret"])
        return max(
            int(period)
            for period in auth.yield_hotp_counters_from_time()
            if compare_user_code(
                actual=code, expected=auth.format_hotp_value(auth.hotp_value(secret, period))
            )
        )

    def _remember(self, period: int) -> None:
        self.instance.data = {**self.instance.data, LAST_PERIOD: period}
        self.instance.save(update_fields=["data"])
