import { Button, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { hasPasskeys, isCancelled, signWithPasskey } from "../../api/passkeys";
import { account, type SecondFactor, type SignInState, signInApi, signInState } from "../../api/sign-in";
import { Failure } from "../common/failure";

const PASSKEY = "/api/auth/browser/v1/auth/webauthn/authenticate" as const;

interface SecondFactorFormProps {
  types: readonly SecondFactor[];
  onDone: (state: SignInState) => Promise<void>;
  onBack: () => void;
}

/** The step after the password: a code of the app, a recovery code, or a passkey. */
export function SecondFactorForm({ types, onDone, onBack }: SecondFactorFormProps) {
  const [code, setCode] = useState("");
  const hasCodes = types.includes("totp") || types.includes("recovery_codes");
  const send = useMutation({
    mutationFn: async () => {
      const body = { code: code.trim() };
      await onDone(await signInState(signInApi.POST("/api/auth/browser/v1/auth/2fa/authenticate", { body })));
    },
  });
  const passkey = useMutation({
    mutationFn: async () => {
      const { data } = await account(() => signInApi.GET(PASSKEY));
      const credential = await signWithPasskey(data.request_options);
      await onDone(await signInState(signInApi.POST(PASSKEY, { body: { credential } })));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  const error = send.error ?? (isCancelled(passkey.error) ? null : passkey.error);
  return (
    <form onSubmit={submit} aria-label="Second factor">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Your account asks for a second factor.
        </Text>
        {hasCodes && (
          <TextInput
            label="Code"
            description={
              types.includes("totp") ? "From your authenticator app, or a recovery code" : "A recovery code"
            }
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            autoComplete="one-time-code"
            autoFocus
            required
            withAsterisk={false}
            data-testid="second-factor-code"
          />
        )}
        <Failure error={error} />
        {hasCodes && (
          <Button type="submit" loading={send.isPending} fullWidth data-testid="second-factor-submit">
            Go on
          </Button>
        )}
        {types.includes("webauthn") && hasPasskeys() && (
          <Button
            variant={hasCodes ? "default" : "filled"}
            leftSection={<IconFingerprint size={16} />}
            loading={passkey.isPending}
            onClick={() => passkey.mutate()}
            data-testid="second-factor-passkey"
          >
            Use a passkey
          </Button>
        )}
        <Button variant="subtle" color="gray" onClick={onBack}>
          Sign in as somebody else
        </Button>
      </Stack>
    </form>
  );
}
