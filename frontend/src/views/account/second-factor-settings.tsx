import { useQuery } from "@tanstack/react-query";
import { Failure } from "../common/failure";
import classes from "../settings/settings.module.css";
import { authenticatorsQuery } from "./account-queries";
import { AppCard } from "./app-card";
import { PasskeyCard } from "./passkey-card";
import { RecoveryCodesCard } from "./recovery-codes-card";

/** An authenticator app, passkeys, and the codes for when both are lost. */
export function SecondFactorSettings() {
  const { data: authenticators, error } = useQuery(authenticatorsQuery);
  return (
    <>
      <div>
        <h2 className={classes.title}>Second factors</h2>
        <p className={classes.lead}>
          With one of these, a password alone no longer opens your account. A passkey can also stand in for
          the password.
        </p>
      </div>
      <Failure error={error} />
      {authenticators && (
        <>
          <PasskeyCard passkeys={authenticators.filter((one) => one.type === "webauthn")} />
          <AppCard app={authenticators.find((one) => one.type === "totp")} />
          <RecoveryCodesCard codes={authenticators.find((one) => one.type === "recovery_codes")} />
        </>
      )}
    </>
  );
}
