/** Pages behind links of e-mails and of site staff: a forgotten password, a new one, a confirmed address. */
import { Alert, Anchor, Button, Loader, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { account, doneBySomebody, signInApi } from "../../api/sign-in";
import { Failure } from "../common/failure";
import { NewPasswordField } from "./new-password-field";
import { SignInCard } from "./sign-in-page";

const RESET = "/api/auth/browser/v1/auth/password/reset" as const;
const VERIFY = "/api/auth/browser/v1/auth/email/verify" as const;

export function ForgottenPage({ sendsEmail }: { sendsEmail: boolean }) {
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: () =>
      account(() => signInApi.POST("/api/auth/browser/v1/auth/password/request", { body: { email } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  if (!sendsEmail) {
    return (
      <SignInCard lead="A new password">
        <Text size="sm" data-testid="no-mail">
          This site has no mail server, so it cannot send you a link. Ask who runs it: site staff make one
          under
          <b> People</b>, for you alone.
        </Text>
        <ToSignIn />
      </SignInCard>
    );
  }
  if (ask.isSuccess) {
    return (
      <SignInCard lead="Look into your mailbox">
        <Text size="sm" data-testid="reset-sent">
          If somebody here has the address <b>{email}</b>, a link is on its way to it. It works for three
          days.
        </Text>
        <ToSignIn />
      </SignInCard>
    );
  }
  return (
    <SignInCard lead="A new password">
      <form onSubmit={submit} aria-label="Ask for a new password">
        <Stack gap="sm">
          <TextInput
            label="Your e-mail address"
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            autoComplete="email"
            autoFocus
            required
            withAsterisk={false}
            data-testid="reset-email"
          />
          <Failure error={ask.error} />
          <Button type="submit" loading={ask.isPending} data-testid="reset-ask">
            Send me a link
          </Button>
        </Stack>
      </form>
      <ToSignIn />
    </SignInCard>
  );
}

export function NewPasswordPage({ resetKey }: { resetKey: string }) {
  const [password, setPassword] = useState("");
  const about = useQuery({
    queryKey: ["reset", resetKey],
    queryFn: () =>
      account(() => signInApi.GET(RESET, { params: { header: { "X-Password-Reset-Key": resetKey } } })),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const reset = useMutation({
    mutationFn: () => doneBySomebody(signInApi.POST(RESET, { body: { key: resetKey, password } })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate();
  };
  if (reset.isSuccess) {
    return (
      <SignInCard lead="Your password is changed">
        <Text size="sm" data-testid="reset-done">
          All sessions have ended. Sign in with the new one.
        </Text>
        <ToSignIn />
      </SignInCard>
    );
  }
  if (about.error) {
    return (
      <SignInCard lead="This link does not work">
        <Alert color="red" variant="light" role="alert" data-testid="reset-error">
          It was used, is too old, or is not whole. Ask for a new one.
        </Alert>
        <ToSignIn />
      </SignInCard>
    );
  }
  if (!about.data) {
    return (
      <SignInCard lead="Reading the link">
        <Loader color="gray" size="sm" aria-label="Reading the link" />
      </SignInCard>
    );
  }
  const username = about.data.data.user?.username ?? "";
  return (
    <SignInCard lead={`A new password for ${username}`}>
      <form onSubmit={submit} aria-label="Set a new password">
        <Stack gap="sm">
          <NewPasswordField
            label="New password"
            username={username}
            value={password}
            onChange={setPassword}
            autoFocus
            testId="reset-password"
          />
          <Failure error={reset.error} />
          <Button type="submit" loading={reset.isPending} data-testid="reset-submit">
            Set it
          </Button>
        </Stack>
      </form>
    </SignInCard>
  );
}

export function ConfirmEmailPage({ confirmKey }: { confirmKey: string }) {
  const confirm = useMutation({
    mutationFn: () => doneBySomebody(signInApi.POST(VERIFY, { body: { key: confirmKey } })),
  });
  return (
    <SignInCard lead={confirm.isSuccess ? "Your address is confirmed" : "Confirm your e-mail address"}>
      <Failure error={confirm.error} />
      {confirm.isSuccess ? (
        <ToSignIn label="Go on" />
      ) : (
        <Button
          fullWidth
          loading={confirm.isPending}
          onClick={() => confirm.mutate()}
          data-testid="confirm-email"
        >
          This is my address
        </Button>
      )}
    </SignInCard>
  );
}

function ToSignIn({ label = "To sign in" }: { label?: string }) {
  return (
    <Anchor href="/" size="sm" mt="md" display="block">
      {label}
    </Anchor>
  );
}
