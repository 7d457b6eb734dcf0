import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { sessionQuery } from "../../api/queries";
import { account, type ProviderAccount, signInApi } from "../../api/sign-in";
import { Failure } from "../common/failure";
import { goToProvider } from "../session/other-ways";
import classes from "../settings/settings.module.css";
import { accountKeys, providersQuery } from "./account-queries";

/** Accounts at identity providers that sign in here as well. */
export function ProviderSettings() {
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const { data: accounts, error } = useQuery(providersQuery);
  const connect = useMutation({
    mutationFn: (id: string) => goToProvider(id, "connect", "/account/providers"),
  });
  const remove = useMutation({
    mutationFn: ({ provider, uid }: ProviderAccount) =>
      account(() =>
        signInApi.DELETE("/api/auth/browser/v1/account/providers", {
          body: { provider: provider.id, account: uid },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: accountKeys.providers }),
  });
  const refusal = new URLSearchParams(window.location.search).get("error");
  const providers = session?.providers ?? [];
  return (
    <>
      <div>
        <h2 className={classes.title}>Linked accounts</h2>
        <p className={classes.lead}>
          {providers.length > 0
            ? "Sign in here with an account you have elsewhere."
            : "This site has no identity provider. Who runs it can set one up: see the README, “Settings”."}
        </p>
      </div>
      <Failure error={error ?? connect.error ?? remove.error} />
      <Failure
        error={refusal && new Error("Linking did not work: that account may belong to somebody else here.")}
      />
      {providers.length > 0 && (
        <div className={classes.card}>
          {providers.map(({ id, name }) => {
            const linked = accounts?.find((one) => one.provider.id === id);
            return (
              <div key={id} className={classes.row}>
                <div className={classes.grow}>
                  {name}
                  {linked && <small>{linked.display}</small>}
                </div>
                <Button
                  variant="default"
                  size="compact-sm"
                  onClick={() => (linked ? remove.mutate(linked) : connect.mutate(id))}
                >
                  {linked ? "Unlink" : "Link"}
                </Button>
              </div>
            );
          })}
        </div>
      )}
    </>
  );
}
