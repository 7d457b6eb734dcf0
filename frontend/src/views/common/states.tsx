/** The designed states of a screen without content: loading, empty, failed, not found. */
import { Button, Loader } from "@mantine/core";
import { IconAlertTriangle, IconMapOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { messageOf } from "../../api/problem";
import classes from "./states.module.css";

export interface StateCardProps {
  icon: ReactNode;
  title: string;
  detail?: ReactNode;
  actions?: ReactNode;
  role?: "status" | "alert";
}

export function StateCard({ icon, title, detail, actions, role = "status" }: StateCardProps) {
  return (
    <div className={classes.card} role={role}>
      <div className={classes.icon}>{icon}</div>
      <h2 className={classes.title}>{title}</h2>
      {detail && <p className={classes.detail}>{detail}</p>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

export function LoadingScreen({ what }: { what: string }) {
  return (
    <div className={classes.screen} role="status" aria-label={`Loading ${what}`}>
      <Loader color="gray" />
    </div>
  );
}

export function ErrorScreen({
  title,
  error,
  onRetry,
}: {
  title: string;
  error: unknown;
  onRetry?: () => void;
}) {
  return (
    <div className={classes.screen}>
      <StateCard
        role="alert"
        icon={<IconAlertTriangle size={22} />}
        title={title}
        detail={messageOf(error)}
        actions={
          <>
            {onRetry && (
              <Button onClick={onRetry} variant="default">
                Try again
              </Button>
            )}
            <Button component={Link} href="/" variant="subtle" color="gray">
              All projects
            </Button>
          </>
        }
      />
    </div>
  );
}

export function NotFoundScreen() {
  return (
    <div className={classes.screen}>
      <StateCard
        icon={<IconMapOff size={22} />}
        title="There is no such page"
        detail="The address may be mistyped, or the project is not yours to see."
        actions={
          <Button component={Link} href="/" variant="default">
            All projects
          </Button>
        }
      />
    </div>
  );
}
