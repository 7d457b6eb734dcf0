import { ActionIcon, Badge, Button, Group, Text, TextInput, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { sessionQuery } from "../../api/queries";
import { account, type EmailAddress, signInApi } from "../../api/sign-in";
import { Failure } from "../common/failure";
import classes from "../settings/settings.module.css";
import { accountKeys, emailsQuery } from "./account-queries";

const EMAIL = "/api/auth/browser/v1/account/email" as const;

function useEmailEdits() {
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: accountKeys.emails });
  const add = useMutation({
    mutationFn: (email: string) => account(() => signInApi.POST(EMAIL, { body: { email } })),
    onSuccess,
  });
  const confirm = useMutation({
    mutationFn: (email: string) => account(() => signInApi.PUT(EMAIL, { body: { email } })),
    onSuccess,
  });
  const makeFirst = useMutation({
    mutationFn: (email: string) => account(() => signInApi.PATCH(EMAIL, { body: { email, primary: true } })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (email: string) => account(() => signInApi.DELETE(EMAIL, { body: { email } })),
    onSuccess,
  });
  return { add, confirm, makeFirst, remove, error: confirm.error ?? makeFirst.error ?? remove.error };
}

export function EmailSettings() {
  const { data: session } = useQuery(sessionQuery);
  const { data: emails, error } = useQuery(emailsQuery);
  const edits = useEmailEdits();
  const [email, setEmail] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edits.add.mutate(email, { onSuccess: () => setEmail("") });
  };
  return (
    <>
      <div>
        <h2 className={classes.title}>E-mail addresses</h2>
        <p className={classes.lead}>
          You can sign in with them, and reset a forgotten password through them.
          {session &&
            !session.sends_email &&
            " This site has no mail server yet, so nothing is sent to them."}
        </p>
      </div>
      <Failure error={error ?? edits.error} />
      {edits.confirm.isSuccess && <Text size="sm">A link is on its way to {edits.confirm.variables}.</Text>}
      {emails && emails.length > 0 && (
        <div className={classes.card} data-testid="emails">
          {emails.map((address) => (
            <EmailRow
              key={address.email}
              address={address}
              canConfirm={session?.sends_email ?? false}
              edits={edits}
            />
          ))}
        </div>
      )}
      <form onSubmit={submit} aria-label="Add an address">
        <Group gap="xs" align="flex-end">
          <TextInput
            flex={1}
            label={emails?.length === 0 ? "Your address" : "Another address"}
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={edits.add.error ? edits.add.error.message : undefined}
            autoComplete="email"
            data-testid="email-new"
          />
          <Button type="submit" disabled={!email} loading={edits.add.isPending} data-testid="email-add">
            Add
          </Button>
        </Group>
      </form>
    </>
  );
}

interface EmailRowProps {
  address: EmailAddress;
  canConfirm: boolean;
  edits: ReturnType<typeof useEmailEdits>;
}

function EmailRow({ address: { email, verified, primary }, canConfirm, edits }: EmailRowProps) {
  return (
    <div className={classes.row}>
      <div className={classes.grow}>{email}</div>
      {primary && <Badge color="gray">first</Badge>}
      <Badge color={verified ? "green" : "gray"}>{verified ? "confirmed" : "not confirmed"}</Badge>
      {!verified && canConfirm && (
        <Button size="compact-sm" variant="default" onClick={() => edits.confirm.mutate(email)}>
          Send a link
        </Button>
      )}
      {!primary && (
        <Button size="compact-sm" variant="default" onClick={() => edits.makeFirst.mutate(email)}>
          Make first
        </Button>
      )}
      <Tooltip label="Remove">
        <ActionIcon aria-label={`Remove ${email}`} onClick={() => edits.remove.mutate(email)}>
          <IconTrash size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
