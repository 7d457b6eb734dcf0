import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { UserInLimits } from "../../api/limits.gen";
import { signInApi, signInState } from "../../api/sign-in";
import { Failure } from "../common/failure";
import { NewPasswordField } from "./new-password-field";

interface SignUpFormProps {
  /** What the button says. */
  action: string;
  onSignedUp: () => void;
}

/** A new account. The server lets it through with an open invitation, or where sign-up is open to all. */
export function SignUpForm({ action, onSignedUp }: SignUpFormProps) {
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signUp = useMutation({
    mutationFn: () => {
      const body = { username, password, ...(email ? { email } : {}) };
      return signInState(signInApi.POST("/api/auth/browser/v1/auth/signup", { body }));
    },
    onSuccess: onSignedUp,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signUp.mutate();
  };
  return (
    <form onSubmit={submit} aria-label="Make an account">
      <Stack gap="sm">
        <TextInput
          label="Name"
          value={username}
          maxLength={UserInLimits.username.maxLength}
          onChange={(event) => setUsername(event.currentTarget.value)}
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          data-testid="sign-up-name"
        />
        <TextInput
          label="E-mail"
          description="If you like; for a forgotten password"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          autoComplete="email"
          data-testid="sign-up-email"
        />
        <NewPasswordField
          label="Password"
          value={password}
          onChange={setPassword}
          testId="sign-up-password"
        />
        <Failure error={signUp.error} />
        <Button type="submit" loading={signUp.isPending} fullWidth data-testid="sign-up-submit">
          {action}
        </Button>
      </Stack>
    </form>
  );
}
