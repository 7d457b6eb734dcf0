/** Shows the sign-in page to strangers, and a dialog over the page when a session ends while somebody works. */
import { Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { Redirect, useRoute } from "wouter";
import { setSignedOutListener } from "../../api/client";
import { keys, sessionQuery } from "../../api/queries";
import type { Session, User } from "../../api/types";
import { ErrorScreen, LoadingScreen } from "../common/states";
import { InvitationPage } from "./invitation-page";
import { ConfirmEmailPage, ForgottenPage, NewPasswordPage } from "./password-pages";
import { ReauthenticationDialog } from "./reauthentication-dialog";
import { SignInForm } from "./sign-in-form";
import { SignInPage, SignUpPage } from "./sign-in-page";

const UserContext = createContext<User | null>(null);

/** The signed-in user; only inside `SessionGate`. */
export function useUser(): User {
  const user = useContext(UserContext);
  if (!user) throw new Error("useUser outside of SessionGate");
  return user;
}

/** Told after somebody signed in again, so that waiting gestures go out at once. */
export const SIGNED_IN_EVENT = "labeler:signed-in";

export function SessionGate({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useQuery(sessionQuery);
  const queryClient = useQueryClient();
  const [hasEnded, setHasEnded] = useState(false);
  const [, invitation] = useRoute("/invitations/:secret");
  const [, reset] = useRoute("/reset-password/:key");
  const [, confirmation] = useRoute("/confirm-email/:key");
  const [isForgotten] = useRoute("/reset-password");
  const [isSignUp] = useRoute("/sign-up");
  const [isSignIn] = useRoute("/sign-in");

  useEffect(() => {
    setSignedOutListener(() => setHasEnded(true));
    return () => setSignedOutListener(() => undefined);
  }, []);

  if (!data) {
    if (!error) return <LoadingScreen what="session" />;
    return <ErrorScreen title="The server does not answer" error={error} onRetry={() => void refetch()} />;
  }

  const signedIn = (session: Session) => {
    const isSomebodyElse = data.user && session.user?.id !== data.user.id;
    queryClient.setQueryData(keys.session, session);
    setHasEnded(false);
    if (isSomebodyElse) window.location.assign("/");
    else window.dispatchEvent(new Event(SIGNED_IN_EVENT));
  };

  if (invitation) {
    return (
      <InvitationPage
        secret={invitation.secret}
        username={data.user?.username ?? null}
        onJoined={() => window.location.assign("/")}
      />
    );
  }
  if (reset) return <NewPasswordPage resetKey={decodeURIComponent(reset.key)} />;
  if (confirmation) return <ConfirmEmailPage confirmKey={decodeURIComponent(confirmation.key)} />;
  if (!data.user) {
    if (isForgotten) return <ForgottenPage sendsEmail={data.sends_email} />;
    if (isSignUp) return <SignUpPage session={data} />;
    return <SignInPage session={data} onSignedIn={signedIn} />;
  }
  if (isForgotten || isSignUp || isSignIn) return <Redirect to="/" replace />;
  return (
    <UserContext.Provider value={data.user}>
      {children}
      <ReauthenticationDialog />
      <Modal
        opened={hasEnded}
        onClose={() => setHasEnded(false)}
        title="Your session has ended"
        size="xs"
        closeOnClickOutside={false}
      >
        <SignInForm
          username={data.user.username}
          note="Nothing is lost: your labels wait in this browser and are sent once you are back."
          onSignedIn={signedIn}
        />
      </Modal>
    </UserContext.Provider>
  );
}
