/** The dialogs of the Label screen. Their code comes after the map's, so that the first picture does not wait for it. */

import { lazy, Suspense } from "react";
import type { AppAction } from "../../lib/actions";
import { loadLater } from "../../lib/load-later";

const CommandPalette = lazy(() =>
  loadLater(() => import("./command-palette").then(({ CommandPalette }) => ({ default: CommandPalette }))),
);
const HelpOverlay = lazy(() =>
  loadLater(() => import("./help-overlay").then(({ HelpOverlay }) => ({ default: HelpOverlay }))),
);
const ImageDialog = lazy(() =>
  loadLater(() => import("./image-dialog").then(({ ImageDialog }) => ({ default: ImageDialog }))),
);
const ImportDialog = lazy(() =>
  loadLater(() => import("../import/import-dialog").then(({ ImportDialog }) => ({ default: ImportDialog }))),
);
const RemoveDialog = lazy(() =>
  loadLater(() => import("./remove-dialog").then(({ RemoveDialog }) => ({ default: RemoveDialog }))),
);

export function LaterDialogs({ actions }: { actions: AppAction[] }) {
  return (
    <Suspense fallback={null}>
      <ImageDialog />
      <HelpOverlay actions={actions} />
      <CommandPalette actions={actions} />
      <ImportDialog />
      <RemoveDialog />
    </Suspense>
  );
}
