import { Alert, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, setCsrfToken, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import type { Session } from "../../api/types";

export interface SignInFormProps {
  username?: string;
  note?: string;
  onSignedIn: (session: Session) => void;
}

export function SignInForm({ username: knownName = "", note, onSignedIn }: SignInFormProps) {
  const [username, setUsername] = useState(knownName);
  const [password, setPassword] = useState("");
  const signIn = useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/session", { body: { username, password } })),
    onSuccess: (session) => {
      setCsrfToken(session.csrf_token);
      onSignedIn(session);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };

  return (
    <form onSubmit={submit} aria-label="Sign in">
      <Stack gap="sm">
        {note && (
          <Text size="sm" c="dimmed">
            {note}
          </Text>
        )}
        <TextInput
          label="Name"
          size="sm"
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          autoComplete="username"
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
        {signIn.error && (
          <Alert color="red" variant="light" p="xs" role="alert">
            {messageOf(signIn.error)}
          </Alert>
        )}
        <Button
          type="submit"
          size="sm"
          loading={signIn.isPending}
          data-testid="sign-in-submit"
          fullWidth
          mt={4}
        >
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
