import { Badge, Button, Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { account, signInApi } from "../../api/sign-in";
import { formatDateTime } from "../../lib/format";
import { browserName } from "../../lib/user-agent";
import { Failure } from "../common/failure";
import classes from "../settings/settings.module.css";
import { accountKeys, isoOf, sessionsQuery } from "./account-queries";

/** Browsers in which one is signed in. */
export function SessionSettings() {
  const queryClient = useQueryClient();
  const { data: sessions, error } = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (ids: number[]) =>
      account(() => signInApi.DELETE("/api/auth/browser/v1/auth/sessions", { body: { sessions: ids } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: accountKeys.sessions }),
  });
  const others = sessions?.filter((session) => !session.is_current) ?? [];
  others.sort((a, b) => b.created_at - a.created_at);
  const current = sessions?.filter((session) => session.is_current) ?? [];
  return (
    <>
      <div>
        <h2 className={classes.title}>Sessions</h2>
        <p className={classes.lead}>
          Where you are signed in. End what you do not know, and change your password.
        </p>
      </div>
      <Failure error={error ?? end.error} />
      <div className={classes.card} data-testid="sessions">
        {[...current, ...others].map((session) => (
          <div key={session.id} className={classes.row}>
            <div className={classes.grow} title={session.user_agent}>
              {browserName(session.user_agent)}
              <small className="num">
                {session.ip} · since {formatDateTime(isoOf(session.created_at))}
              </small>
            </div>
            {session.is_current ? (
              <Badge color="green">this one</Badge>
            ) : (
              <Button size="compact-sm" variant="default" onClick={() => end.mutate([session.id])}>
                End
              </Button>
            )}
          </div>
        ))}
      </div>
      {others.length > 1 && (
        <Group>
          <Button
            variant="default"
            loading={end.isPending}
            onClick={() => end.mutate(others.map((session) => session.id))}
          >
            End all others
          </Button>
        </Group>
      )}
    </>
  );
}
