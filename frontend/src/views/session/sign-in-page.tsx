import { Alert, Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Session } from "../../api/types";
import { Logo } from "../common/logo";
import { SignInForm } from "./sign-in-form";
import classes from "./sign-in-page.module.css";
import { SignUpForm } from "./sign-up-form";

/** Tiles behind the form: a still picture of what a map looks like. x, y in percent, size in pixels, tone 0..5. */
const TILES: readonly [x: number, y: number, size: number, tone: number][] = Array.from(
  { length: 150 },
  (_, at) => {
    const angle = at * 2.399963; // golden angle: even spread without a random generator
    const radius = 4 + 4.6 * Math.sqrt(at);
    const cluster = Math.floor(((angle % (2 * Math.PI)) / (2 * Math.PI)) * 6);
    return [
      50 + radius * Math.cos(angle) * 1.15,
      50 + radius * Math.sin(angle),
      12 + ((at * 7) % 22),
      cluster,
    ];
  },
);

/** What an identity provider's refusal means; the server names it in the address. */
const REFUSALS: Record<string, string> = {
  signup_closed: "You have no account here yet. Ask for an invitation, and use it first.",
  cancelled: "Signing in was cancelled.",
  denied: "The provider refused.",
};

interface SignInPageProps {
  session: Session;
  onSignedIn: (session: Session) => void;
}

export function SignInPage({ session, onSignedIn }: SignInPageProps) {
  const refusal = new URLSearchParams(window.location.search).get("error");
  const path = window.location.pathname;
  return (
    <SignInCard lead="See the whole dataset. Label it by the hundred.">
      {refusal && (
        <Alert color="red" variant="light" p="xs" mb="sm" role="alert">
          {REFUSALS[refusal] ?? "Signing in there did not work. Try again."}
        </Alert>
      )}
      <SignInForm next={path.startsWith("/projects") ? path : "/"} onSignedIn={onSignedIn} />
      <div className={classes.links}>
        <Anchor component={Link} href="/reset-password" size="sm">
          Forgotten your password?
        </Anchor>
        {session.is_open_for_sign_up && (
          <Anchor component={Link} href="/sign-up" size="sm">
            Make an account
          </Anchor>
        )}
      </div>
    </SignInCard>
  );
}

export function SignUpPage({ session }: { session: Session }) {
  return (
    <SignInCard lead={session.is_open_for_sign_up ? "Make an account" : "Sign-up is closed"}>
      {session.is_open_for_sign_up ? (
        <SignUpForm action="Make an account" onSignedUp={() => window.location.assign("/")} />
      ) : (
        <p className={classes.lead}>One comes in by invitation: ask an admin of a project for a link.</p>
      )}
      <Anchor href="/" size="sm" mt="md" display="block">
        To sign in
      </Anchor>
    </SignInCard>
  );
}

/** The card that strangers see, with a map of tiles behind it. */
export function SignInCard({ lead, children }: { lead: string; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.tiles} aria-hidden="true">
        {TILES.map(([x, y, size, tone]) => (
          <span
            key={`${x}-${y}`}
            className={classes.tile}
            data-tone={tone}
            style={{ left: `${x}%`, top: `${y}%`, width: size, height: size }}
          />
        ))}
      </div>
      <section className={classes.card}>
        <Logo size={30} />
        <h1 className={classes.title}>Labeler</h1>
        <p className={classes.lead}>{lead}</p>
        {children}
      </section>
    </main>
  );
}
