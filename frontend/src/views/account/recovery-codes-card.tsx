import { Button, CopyButton, Group } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Authenticator, account, signInApi } from "../../api/sign-in";
import { formatPlural } from "../../lib/format";
import { Failure } from "../common/failure";
import settings from "../settings/settings.module.css";
import classes from "./account.module.css";
import { accountKeys } from "./account-queries";

const CODES = "/api/auth/browser/v1/account/authenticators/recovery-codes" as const;
type Codes = Extract<Authenticator, { type: "recovery_codes" }>;

/** Codes for when the phone and the keys are lost; there are some as soon as there is a second factor. */
export function RecoveryCodesCard({ codes }: { codes: Codes | undefined }) {
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: accountKeys.authenticators });
  const show = useMutation({ mutationFn: () => account(() => signInApi.GET(CODES)) });
  const renew = useMutation({
    mutationFn: async () => {
      await account(() => signInApi.POST(CODES));
      await show.mutateAsync();
    },
    onSuccess: refresh,
  });
  if (!codes) return null;
  const shown = show.data?.data.unused_codes;
  return (
    <section className={`${settings.card} ${settings.padded}`} aria-label="Recovery codes">
      <div className={classes.head}>
        <div className={settings.grow}>
          <h3>Recovery codes</h3>
          <p className={classes.note}>
            {formatPlural(codes.unused_code_count, "code")} left of {codes.total_code_count}. Each works once
            in place of a second factor: keep them where your phone is not.
          </p>
        </div>
        {!shown && (
          <Button
            variant="default"
            loading={show.isPending}
            onClick={() => show.mutate()}
            data-testid="codes-show"
          >
            Show
          </Button>
        )}
      </div>
      <Failure error={renew.error ?? show.error} />
      {shown && (
        <>
          <ul className={classes.codes} data-testid="recovery-codes">
            {shown.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
          <Group gap="xs">
            <CopyButton value={shown.join("\n")}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? "Copied" : "Copy all"}
                </Button>
              )}
            </CopyButton>
            <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
              Make new ones
            </Button>
          </Group>
        </>
      )}
    </section>
  );
}
