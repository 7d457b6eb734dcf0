import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { keys, sessionQuery } from "../../api/queries";
import { type SecondFactor, type SignInState, signInApi, signInState } from "../../api/sign-in";
import type { Session } from "../../api/types";
import { Failure } from "../common/failure";
import { OtherWays } from "./other-ways";
import { SecondFactorForm } from "./second-factor-form";

export interface SignInFormProps {
  username?: string;
  note?: string;
  /** Where to come back to from an identity provider; null: it is not offered, since it leaves the page. */
  next?: string | null;
  onSignedIn: (session: Session) => void;
}

/** Name and password, then a second factor where the account has one; or a passkey, or an identity provider. */
export function SignInForm({ username: knownName = "", note, next = null, onSignedIn }: SignInFormProps) {
  const queryClient = useQueryClient();
  const [factors, setFactors] = useState<readonly SecondFactor[] | null>(null);
  const [error, setError] = useState<unknown>(null);

  const goOn = async (state: SignInState) => {
    setError(null);
    if (state.step === "second-factor") return setFactors(state.types);
    await queryClient.invalidateQueries({ queryKey: keys.session, refetchType: "none" });
    onSignedIn(await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 }));
  };

  return (
    <Stack gap="sm">
      {note && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
      {factors ? (
        <SecondFactorForm types={factors} onDone={goOn} onBack={() => setFactors(null)} />
      ) : (
        <>
          <PasswordForm knownName={knownName} onDone={goOn} />
          <OtherWays next={next} onDone={goOn} onError={setError} />
        </>
      )}
      <Failure error={error} />
    </Stack>
  );
}

interface PasswordFormProps {
  knownName: string;
  onDone: (state: SignInState) => Promise<void>;
}

function PasswordForm({ knownName, onDone }: PasswordFormProps) {
  const [name, setName] = useState(knownName);
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: async () => {
      const who = name.includes("@") ? { email: name } : { username: name };
      await onDone(
        await signInState(signInApi.POST("/api/auth/browser/v1/auth/login", { body: { ...who, password } })),
      );
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <form onSubmit={submit} aria-label="Sign in">
      <Stack gap="sm">
        <TextInput
          label="Name or e-mail"
          size="sm"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username webauthn"
          autoFocus={!knownName}
          required
          withAsterisk={false}
          data-testid="sign-in-name"
        />
        <PasswordInput
          label="Password"
          size="sm"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          autoFocus={Boolean(knownName)}
          data-autofocus={knownName ? true : undefined}
          required
          withAsterisk={false}
          data-testid="sign-in-password"
        />
        <Failure error={signIn.error} />
        <Button type="submit" loading={signIn.isPending} data-testid="sign-in-submit" fullWidth mt={4}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
