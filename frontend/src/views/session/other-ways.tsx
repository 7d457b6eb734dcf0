import { Button, Divider, Stack } from "@mantine/core";
import { IconFingerprint, IconLogin2 } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../api/client";
import { hasPasskeys, isCancelled, signWithPasskey } from "../../api/passkeys";
import { sessionQuery } from "../../api/queries";
import { account, type SignInState, signInApi, signInState } from "../../api/sign-in";

const LOGIN = "/api/auth/browser/v1/auth/webauthn/login" as const;

interface OtherWaysProps {
  next: string | null;
  onDone: (state: SignInState) => Promise<void>;
  onError: (error: unknown) => void;
}

/** Goes to an identity provider; the browser comes back to `next`. */
export async function goToProvider(id: string, process: "login" | "connect", next: string): Promise<void> {
  const { location } = await unwrap(
    api.POST("/api/v1/session/provider", { body: { provider: id, process, next } }),
  );
  window.location.assign(location);
}

/** Signing in without a password. */
export function OtherWays({ next, onDone, onError }: OtherWaysProps) {
  const { data: session } = useQuery(sessionQuery);
  const providers = next === null ? [] : (session?.providers ?? []);
  const passkey = useMutation({
    mutationFn: async () => {
      const { data } = await account(() => signInApi.GET(LOGIN));
      const credential = await signWithPasskey(data.request_options);
      await onDone(await signInState(signInApi.POST(LOGIN, { body: { credential } })));
    },
    onError: (error) => onError(isCancelled(error) ? null : error),
  });
  const provider = useMutation({
    mutationFn: (id: string) => goToProvider(id, "login", next ?? "/"),
    onError,
  });
  if (!hasPasskeys() && providers.length === 0) return null;
  return (
    <Stack gap="xs">
      <Divider label="or" />
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          variant="default"
          leftSection={<IconLogin2 size={16} />}
          loading={provider.isPending && provider.variables === id}
          onClick={() => provider.mutate(id)}
        >
          Continue with {name}
        </Button>
      ))}
      {hasPasskeys() && (
        <Button
          variant="default"
          leftSection={<IconFingerprint size={16} />}
          loading={passkey.isPending}
          onClick={() => passkey.mutate()}
          data-testid="sign-in-passkey"
        >
          Use a passkey
        </Button>
      )}
    </Stack>
  );
}
