import { lazy, Suspense, useRef } from "react";
import { useStore } from "zustand";
import { hotkeyBindings } from "../../lib/actions";
import { loadLater } from "../../lib/load-later";
import { useScreenKeys } from "../common/use-screen-keys";
import { ExplorePanel } from "../explore/explore-panel";
import { BottomBar } from "./bottom-bar";
import { ClassPanel } from "./class-panel";
import { FilterBar } from "./filter-bar";
import classes from "./label-screen.module.css";
import { LaterDialogs } from "./later-dialogs";
import column from "./left-column.module.css";
import { MapKey } from "./map-key";
import { MapNotices } from "./map-notices";
import type { MapHandle } from "./map-setup";
import { MapTools } from "./map-tools";
import { MapViews } from "./map-views";
import { useProject } from "./project-context";
import { SelectionPanel } from "./selection-panel";
import { TopBar } from "./top-bar";
import { useAddress } from "./use-address";
import { useFilterMask } from "./use-filter-mask";
import { useLabelActions } from "./use-label-actions";

const ImportDropZone = lazy(() =>
  loadLater(() =>
    import("../import/import-drop-zone").then(({ ImportDropZone }) => ({ default: ImportDropZone })),
  ),
);
const Coach = lazy(() => loadLater(() => import("./coach").then(({ Coach }) => ({ default: Coach }))));

export function LabelScreen() {
  const map = useRef<MapHandle | null>(null);
  const { session } = useProject();
  const { actions, intents } = useLabelActions(map);
  useAddress();
  useFilterMask();
  const isDialogOpen = useStore(session.screen, (screen) => screen.openImage !== null || screen.isHelpOpen);
  useScreenKeys(hotkeyBindings(actions).filter(([hotkey]) => !isDialogOpen || hotkey.startsWith("mod+")));

  return (
    <main className={classes.screen} data-testid="label-screen">
      <MapViews handle={map} />
      <MapNotices onImport={intents.importFiles} onAddClass={intents.addClass} />
      <TopBar
        onHelp={intents.help}
        onPalette={intents.palette}
        onGo={intents.go}
        onImport={intents.importFiles}
      />
      <FilterBar />
      <div className={column.column}>
        <ClassPanel onAssign={intents.assign} />
        <Suspense>
          <Coach onAddClass={intents.addClass} onHelp={intents.help} />
        </Suspense>
        <ExplorePanel />
        <MapKey />
      </div>
      <SelectionPanel
        onAssign={intents.assign}
        onClear={intents.clearSelection}
        onClearLabels={intents.clearLabels}
      />
      <MapTools actions={actions} onFit={intents.fit} onZoom={(factor) => map.current?.zoomBy(factor)} />
      <BottomBar onTrain={intents.train} />
      <Suspense>
        <ImportDropZone />
      </Suspense>
      <LaterDialogs actions={actions} />
    </main>
  );
}
