import { ActionIcon, Alert, Badge, Button, Group, Select, TextInput, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, unwrap } from "../../api/client";
import { TokenInLimits } from "../../api/limits.gen";
import { messageOf } from "../../api/problem";
import { keys, tokensQuery } from "../../api/queries";
import type { Token, TokenCreated, TokenScope } from "../../api/types";
import { formatAgo, formatDate } from "../../lib/format";
import { expiryOf, TOKEN_LIVES, type TokenLife } from "../../lib/token-expiry";
import { CopyLine } from "./copy-line";
import classes from "./settings.module.css";

const SCOPES: readonly { value: TokenScope; label: string }[] = [
  { value: "read", label: "Read and export" },
  { value: "write", label: "Also label and import" },
  { value: "admin", label: "Everything you may" },
];

export function TokenSettings() {
  const queryClient = useQueryClient();
  const { data: tokens, error } = useQuery(tokensQuery);
  const [created, setCreated] = useState<TokenCreated | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: keys.tokens });
  const revoke = useMutation({
    mutationFn: (tokenId: number) =>
      api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: tokenId } } }),
    onSuccess: refresh,
  });

  return (
    <>
      <div>
        <h2 className={classes.title}>API tokens</h2>
        <p className={classes.lead}>
          For programs. They act as you, within their scope, in all your projects.{" "}
          <a href="/api/v1/docs">API reference</a>
        </p>
      </div>
      {(error ?? revoke.error) && (
        <Alert color="red" variant="light" role="alert">
          {messageOf(error ?? revoke.error)}
        </Alert>
      )}
      <NewToken
        onCreated={(token) => {
          setCreated(token);
          void refresh();
        }}
      />
      {created && (
        <Alert
          color="green"
          variant="light"
          title={`Copy the token ${created.name} now: it is not shown again`}
        >
          <CopyLine text={created.token} testId="token-secret" />
        </Alert>
      )}
      {tokens && tokens.length > 0 && (
        <div className={classes.card} data-testid="tokens">
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onRevoke={() => revoke.mutate(token.id)} />
          ))}
        </div>
      )}
    </>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const used = token.last_used_at ? `used ${formatAgo(token.last_used_at, new Date())}` : "never used";
  const hasEnded = token.expires_at !== null && new Date(token.expires_at) <= new Date();
  const ends = token.expires_at
    ? `${hasEnded ? "ended" : "ends"} ${formatDate(token.expires_at)}`
    : "without end";
  return (
    <div className={classes.row}>
      <div className={classes.grow}>
        {token.name}
        <small className="num">
          {token.prefix}… · made {formatDate(token.created_at)} · {used} · {ends}
        </small>
      </div>
      {hasEnded && <Badge color="red">ended</Badge>}
      <Badge color="gray">{token.scope}</Badge>
      <Tooltip label="Revoke: programs that use it stop working">
        <ActionIcon aria-label={`Revoke ${token.name}`} onClick={onRevoke}>
          <IconTrash size={15} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function NewToken({ onCreated }: { onCreated: (token: TokenCreated) => void }) {
  const [name, setName] = useState("");
  const [scope, setScope] = useState<TokenScope>("read");
  const [life, setLife] = useState<TokenLife>("90");
  const create = useMutation({
    mutationFn: () => {
      const expires_at = expiryOf(life, new Date());
      return unwrap(api.POST("/api/v1/tokens", { body: { name: name.trim(), scope, expires_at } }));
    },
    onSuccess: (token) => {
      setName("");
      onCreated(token);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end">
        <TextInput
          flex={1}
          label="New token"
          placeholder="What it is for"
          value={name}
          maxLength={TokenInLimits.name.maxLength}
          error={create.error ? messageOf(create.error) : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid="token-name"
        />
        <Select
          w={180}
          value={scope}
          data={SCOPES}
          allowDeselect={false}
          onChange={(value) => setScope(value as TokenScope)}
          aria-label="Scope of the new token"
          data-testid="token-scope"
        />
        <Select
          w={130}
          value={life}
          data={TOKEN_LIVES}
          allowDeselect={false}
          onChange={(value) => setLife(value as TokenLife)}
          aria-label="How long the new token lives"
          data-testid="token-life"
        />
        <Button type="submit" disabled={!name.trim()} loading={create.isPending} data-testid="token-create">
          Create
        </Button>
      </Group>
    </form>
  );
}
