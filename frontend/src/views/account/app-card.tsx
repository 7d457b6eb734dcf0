import { Badge, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Authenticator, account, signInApi } from "../../api/sign-in";
import { formatDate } from "../../lib/format";
import { Failure } from "../common/failure";
import settings from "../settings/settings.module.css";
import classes from "./account.module.css";
import { accountKeys, isoOf } from "./account-queries";

const TOTP = "/api/auth/browser/v1/account/authenticators/totp" as const;

/** The authenticator app: set up with a picture and one code, or taken off. */
export function AppCard({ app }: { app: Authenticator | undefined }) {
  const queryClient = useQueryClient();
  const [isSettingUp, setIsSettingUp] = useState(false);
  const refresh = () => queryClient.invalidateQueries({ queryKey: accountKeys.authenticators });
  const remove = useMutation({
    mutationFn: () => account(() => signInApi.DELETE(TOTP)),
    onSuccess: refresh,
  });
  return (
    <section className={`${settings.card} ${settings.padded}`} aria-label="Authenticator app">
      <div className={classes.head}>
        <div className={settings.grow}>
          <h3>Authenticator app</h3>
          <p className={classes.note}>
            {app ? `Since ${formatDate(isoOf(app.created_at))}.` : "A code of six digits from your phone."}
          </p>
        </div>
        {app ? (
          <>
            <Badge color="green" data-testid="totp-on">
              on
            </Badge>
            <Button variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
              Take off
            </Button>
          </>
        ) : (
          !isSettingUp && (
            <Button variant="default" onClick={() => setIsSettingUp(true)} data-testid="totp-start">
              Set up
            </Button>
          )
        )}
      </div>
      <Failure error={remove.error} />
      {isSettingUp && !app && (
        <SetUp
          onDone={() => {
            setIsSettingUp(false);
            void refresh();
          }}
          onClose={() => setIsSettingUp(false)}
        />
      )}
    </section>
  );
}

/** A new secret; the server answers 404, since there is no app yet, and says the secret with it. */
async function newSecret(): Promise<string> {
  const { error } = await signInApi.GET(TOTP);
  const secret = (error as { meta?: { secret?: string } } | undefined)?.meta?.secret;
  if (!secret) throw new Error("The server gave no secret. Load the page again.");
  return secret;
}

function SetUp({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const [code, setCode] = useState("");
  const secret = useQuery({
    queryKey: ["account", "totp-secret"],
    queryFn: newSecret,
    staleTime: Number.POSITIVE_INFINITY, // each look makes another secret
    gcTime: 0,
  });
  const activate = useMutation({
    mutationFn: () => account(() => signInApi.POST(TOTP, { body: { code: code.trim() } })),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    activate.mutate();
  };
  if (!secret.data) return <Failure error={secret.error} />;
  return (
    <div className={classes.setup}>
      <img
        className={classes.picture}
        src={`/api/v1/session/totp-picture?of=${secret.dataUpdatedAt}`}
        alt="QR code for the authenticator app"
      />
      <form onSubmit={submit} aria-label="Set up the app">
        <Stack gap="sm">
          <Text size="sm">
            Scan the picture with the app, or type{" "}
            <code data-testid="totp-secret">{secret.data.replace(/(.{4})(?=.)/g, "$1 ")}</code>
          </Text>
          <TextInput
            label="The code it shows now"
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            autoComplete="one-time-code"
            inputMode="numeric"
            required
            withAsterisk={false}
            autoFocus
            data-testid="totp-code"
          />
          <Failure error={activate.error} />
          <Group gap="xs">
            <Button type="submit" loading={activate.isPending} data-testid="totp-activate">
              Turn on
            </Button>
            <Button variant="subtle" color="gray" onClick={onClose}>
              Not now
            </Button>
          </Group>
        </Stack>
      </form>
    </div>
  );
}
