import { Alert, Anchor, Button, Loader, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, setCsrfToken, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import type { Session } from "../../api/types";
import { formatDate } from "../../lib/format";
import { SignInForm } from "./sign-in-form";
import { SignInCard } from "./sign-in-page";

interface InvitationPageProps {
  secret: string;
  /** Name of who is signed in, if anybody is. */
  username: string | null;
  /** The session of who joined. */
  onJoined: (session: Session) => void;
}

/** What the link is to, and the ways to join: as who is signed in, with another account, or with a new one. */
export function InvitationPage({ secret, username, onJoined }: InvitationPageProps) {
  const [hasAccount, setHasAccount] = useState(false);
  const about = useQuery({
    queryKey: ["invitation", secret],
    queryFn: () => unwrap(api.POST("/api/v1/invitations/about", { body: { secret } })),
    retry: false,
  });
  const accept = useMutation({
    mutationFn: () => unwrap(api.POST("/api/v1/invitations/accept", { body: { secret } })),
    onSuccess: onJoined,
  });
  if (about.error) {
    return (
      <SignInCard lead="This link does not work">
        <Alert color="red" variant="light" role="alert" data-testid="invitation-error">
          {messageOf(about.error)}. Ask for a new one.
        </Alert>
        <Anchor href="/" size="sm" mt="sm">
          To your projects
        </Anchor>
      </SignInCard>
    );
  }
  if (!about.data) {
    return (
      <SignInCard lead="Reading the invitation">
        <Loader color="gray" size="sm" aria-label="Reading the invitation" />
      </SignInCard>
    );
  }
  const { project_name, role, invited_by, expires_at } = about.data;
  return (
    <SignInCard lead={`${invited_by ?? "Somebody"} invites you to ${project_name}`}>
      <Text size="sm" c="dimmed" mb="md" data-testid="invitation-about">
        You will be {role === "viewer" || role === "reviewer" ? "a" : "an"} <b>{role}</b>. The invitation ends{" "}
        {formatDate(expires_at)}.
      </Text>
      {accept.error && (
        <Alert color="red" variant="light" p="xs" mb="sm" role="alert">
          {messageOf(accept.error)}
        </Alert>
      )}
      {username !== null ? (
        <Button
          fullWidth
          loading={accept.isPending}
          onClick={() => accept.mutate()}
          data-testid="invitation-accept"
        >
          Join as {username}
        </Button>
      ) : hasAccount ? (
        <SignInForm onSignedIn={() => accept.mutate()} />
      ) : (
        <SignUpForm secret={secret} onJoined={onJoined} />
      )}
      {username === null && (
        <Button variant="subtle" color="gray" fullWidth mt="xs" onClick={() => setHasAccount(!hasAccount)}>
          {hasAccount ? "I have no account yet" : "I have an account"}
        </Button>
      )}
    </SignInCard>
  );
}

function SignUpForm({ secret, onJoined }: { secret: string; onJoined: (session: Session) => void }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const signUp = useMutation({
    mutationFn: () =>
      unwrap(api.POST("/api/v1/invitations/sign-up", { body: { secret, username, password } })),
    onSuccess: (session) => {
      setCsrfToken(session.csrf_token);
      onJoined(session);
    },
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
          size="sm"
          value={username}
          maxLength={150}
          onChange={(event) => setUsername(event.currentTarget.value)}
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          data-testid="sign-up-name"
        />
        <PasswordInput
          label="Password"
          description="At least 10 characters"
          size="sm"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="new-password"
          required
          withAsterisk={false}
          data-testid="sign-up-password"
        />
        {signUp.error && (
          <Alert color="red" variant="light" p="xs" role="alert">
            {messageOf(signUp.error)}
          </Alert>
        )}
        <Button type="submit" size="sm" loading={signUp.isPending} fullWidth data-testid="sign-up-submit">
          Make an account and join
        </Button>
      </Stack>
    </form>
  );
}
