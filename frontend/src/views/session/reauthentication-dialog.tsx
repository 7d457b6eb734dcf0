import { Button, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { hasPasskeys, isCancelled, signWithPasskey } from "../../api/passkeys";
import { account, type Reauthentication, setReauthenticator, signInApi } from "../../api/sign-in";
import { Failure } from "../common/failure";

const PASSKEY = "/api/auth/browser/v1/auth/webauthn/reauthenticate" as const;

/** Asks again who it is before a change of the account, whenever the server wants that. */
export function ReauthenticationDialog() {
  const [ways, setWays] = useState<Reauthentication | null>(null);
  const answer = useRef<(isDone: boolean) => void>(() => undefined);

  useEffect(() => {
    setReauthenticator((wanted) => {
      setWays(wanted);
      return new Promise((resolve) => {
        answer.current = resolve;
      });
    });
    return () => setReauthenticator(async () => false);
  }, []);

  const close = (isDone: boolean) => {
    setWays(null);
    answer.current(isDone);
  };
  return (
    <Modal opened={ways !== null} onClose={() => close(false)} title="Is it you?" size="xs">
      {ways && <WaysForm ways={ways} onDone={() => close(true)} />}
    </Modal>
  );
}

function WaysForm({ ways, onDone }: { ways: Reauthentication; onDone: () => void }) {
  const [text, setText] = useState("");
  const hasCodes = ways.types.some((type) => type !== "webauthn");
  const send = useMutation({
    mutationFn: () =>
      ways.password
        ? account(() =>
            signInApi.POST("/api/auth/browser/v1/auth/reauthenticate", { body: { password: text } }),
          )
        : account(() =>
            signInApi.POST("/api/auth/browser/v1/auth/2fa/reauthenticate", { body: { code: text } }),
          ),
    onSuccess: onDone,
  });
  const passkey = useMutation({
    mutationFn: async () => {
      const { data } = await account(() => signInApi.GET(PASSKEY));
      const credential = await signWithPasskey(data.request_options);
      await account(() => signInApi.POST(PASSKEY, { body: { credential } }));
    },
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  const error = send.error ?? (isCancelled(passkey.error) ? null : passkey.error);
  const field = {
    value: text,
    onChange: (event: { currentTarget: { value: string } }) => setText(event.currentTarget.value),
    required: true,
    withAsterisk: false,
    "data-autofocus": true,
    "data-testid": "reauthenticate-secret",
  };
  return (
    <form onSubmit={submit} aria-label="Say again who you are">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          This changes how your account is reached, so please say again who you are.
        </Text>
        {ways.password ? (
          <PasswordInput label="Password" autoComplete="current-password" {...field} />
        ) : (
          hasCodes && <TextInput label="Code" autoComplete="one-time-code" {...field} />
        )}
        <Failure error={error} />
        {(ways.password || hasCodes) && (
          <Button type="submit" loading={send.isPending} data-testid="reauthenticate-submit">
            Go on
          </Button>
        )}
        {ways.types.includes("webauthn") && hasPasskeys() && (
          <Button
            variant="default"
            leftSection={<IconFingerprint size={16} />}
            loading={passkey.isPending}
            onClick={() => passkey.mutate()}
          >
            Use a passkey
          </Button>
        )}
      </Stack>
    </form>
  );
}
