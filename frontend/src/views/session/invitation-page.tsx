import { Alert, Anchor, Button, Loader, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../api/client";
import { messageOf } from "../../api/problem";
import { formatDate } from "../../lib/format";
import { SignInForm } from "./sign-in-form";
import { SignInCard } from "./sign-in-page";
import { SignUpForm } from "./sign-up-form";

interface InvitationPageProps {
  secret: string;
  /** Name of who is signed in, if anybody is. */
  username: string | null;
  onJoined: () => void;
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
        <SignInForm next={`/invitations/${secret}`} onSignedIn={() => accept.mutate()} />
      ) : (
        <SignUpForm action="Make an account and join" onSignedUp={onJoined} />
      )}
      {username === null && (
        <Button variant="subtle" color="gray" fullWidth mt="xs" onClick={() => setHasAccount(!hasAccount)}>
          {hasAccount ? "I have no account yet" : "I have an account"}
        </Button>
      )}
    </SignInCard>
  );
}
