import { ActionIcon, Badge, Button, Checkbox, Group, TextInput, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { createPasskey, hasPasskeys, isCancelled } from "../../api/passkeys";
import { type Authenticator, account, signInApi } from "../../api/sign-in";
import { formatDate } from "../../lib/format";
import { Failure } from "../common/failure";
import settings from "../settings/settings.module.css";
import classes from "./account.module.css";
import { accountKeys, isoOf } from "./account-queries";

const WEBAUTHN = "/api/auth/browser/v1/account/authenticators/webauthn" as const;
type Passkey = Extract<Authenticator, { type: "webauthn" }>;

export function PasskeyCard({ passkeys }: { passkeys: readonly Passkey[] }) {
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: accountKeys.authenticators });
  const remove = useMutation({
    mutationFn: (id: number) => account(() => signInApi.DELETE(WEBAUTHN, { body: { authenticators: [id] } })),
    onSuccess: refresh,
  });
  return (
    <section className={`${settings.card} ${settings.padded}`} aria-label="Passkeys">
      <div className={classes.head}>
        <div className={settings.grow}>
          <h3>Passkeys</h3>
          <p className={classes.note}>
            {hasPasskeys()
              ? "Your fingerprint, face or PIN on this device, or a security key. They cannot be phished."
              : "This browser offers none here: passkeys need https, or the address localhost."}
          </p>
        </div>
      </div>
      <Failure error={remove.error} />
      {hasPasskeys() && <NewPasskey onAdded={refresh} />}
      {passkeys.length > 0 && (
        <div className={classes.rows} data-testid="passkeys">
          {passkeys.map((passkey) => (
            <div key={passkey.id} className={settings.row}>
              <div className={settings.grow}>
                {passkey.name}
                <small className="num">
                  made {formatDate(isoOf(passkey.created_at))}
                  {passkey.last_used_at
                    ? ` · used ${formatDate(isoOf(passkey.last_used_at))}`
                    : " · never used"}
                </small>
              </div>
              {passkey.is_passwordless && <Badge color="gray">without password</Badge>}
              <Tooltip label="Remove">
                <ActionIcon aria-label={`Remove ${passkey.name}`} onClick={() => remove.mutate(passkey.id)}>
                  <IconTrash size={15} />
                </ActionIcon>
              </Tooltip>
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

function NewPasskey({ onAdded }: { onAdded: () => void }) {
  const [name, setName] = useState("");
  const [isPasswordless, setIsPasswordless] = useState(true);
  const add = useMutation({
    mutationFn: async () => {
      const query = isPasswordless ? { passwordless: true } : {};
      const { data } = await account(() => signInApi.GET(WEBAUTHN, { params: { query } }));
      const credential = await createPasskey(data.creation_options);
      await account(() => signInApi.POST(WEBAUTHN, { body: { name: name.trim(), credential } }));
    },
    onSuccess: () => {
      setName("");
      onAdded();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form onSubmit={submit} aria-label="Add a passkey">
      <Group gap="xs" align="flex-end" mt="sm">
        <TextInput
          flex={1}
          label="New passkey"
          placeholder="Which device it is on"
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
          data-testid="passkey-name"
        />
        <Button
          type="submit"
          variant="default"
          disabled={!name.trim()}
          loading={add.isPending}
          data-testid="passkey-add"
        >
          Add
        </Button>
      </Group>
      <Checkbox
        mt="xs"
        size="xs"
        label="It can also sign in without the password"
        checked={isPasswordless}
        onChange={(event) => setIsPasswordless(event.currentTarget.checked)}
      />
      <Failure error={isCancelled(add.error) ? null : add.error} />
    </form>
  );
}
