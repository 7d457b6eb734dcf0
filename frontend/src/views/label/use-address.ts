/** Ties the address bar to the view of the open project. */
import { useEffect } from "react";
import { followAddress } from "../../state/address";
import { defaultView } from "../../state/view";
import { useProject } from "./project-context";

export function useAddress(): void {
  const { session, project } = useProject();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the project's settings do not change an open view
  useEffect(
    () =>
      followAddress({
        stores: session,
        defaults: defaultView(project.retention),
        search: window.location.search,
        write: (search) => {
          const { pathname, hash } = window.location;
          window.history.replaceState(
            window.history.state,
            "",
            `${pathname}${search && `?${search}`}${hash}`,
          );
        },
      }),
    [session],
  );
}
