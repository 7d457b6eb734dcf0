import { Alert, Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { account, signInApi } from "../../api/sign-in";
import { Failure } from "../common/failure";
import { NewPasswordField } from "../session/new-password-field";
import { useUser } from "../session/session-gate";
import classes from "../settings/settings.module.css";

export function PasswordSettings() {
  const { username } = useUser();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const change = useMutation({
    mutationFn: () =>
      account(() =>
        signInApi.POST("/api/auth/browser/v1/account/password/change", {
          body: { current_password: current, new_password: wanted },
        }),
      ),
    onSuccess: () => {
      setCurrent("");
      setWanted("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <>
      <div>
        <h2 className={classes.title}>Password</h2>
        <p className={classes.lead}>Changing it ends your sessions in other browsers.</p>
      </div>
      <form
        onSubmit={submit}
        aria-label="Change the password"
        className={`${classes.card} ${classes.padded}`}
      >
        <Stack gap="sm" maw={360}>
          <PasswordInput
            label="Present password"
            description="Empty if you have none yet, because you came through an identity provider"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            autoComplete="current-password"
            data-testid="password-current"
          />
          <NewPasswordField
            label="New password"
            username={username}
            value={wanted}
            onChange={setWanted}
            testId="password-new"
          />
          <Failure error={change.error} />
          {change.isSuccess && (
            <Alert color="green" variant="light" p="xs" role="status" data-testid="password-changed">
              Your password is changed
            </Alert>
          )}
          <Group>
            <Button type="submit" loading={change.isPending} disabled={!wanted} data-testid="password-submit">
              Change
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
}
