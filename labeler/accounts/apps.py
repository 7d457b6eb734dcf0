from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "labeler.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Put our check of codes in the place of the library's, which it looks up by these names."""
        from allauth.mfa.totp.internal import auth, flows  # noqa: PLC0415  # models must be loaded

        from labeler.accounts.one_time_codes import OneTimeTotp  # noqa: PLC0415

        auth.TOTP = flows.TOTP = OneTimeTotp
