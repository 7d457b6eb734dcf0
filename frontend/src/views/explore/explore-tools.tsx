/** Buttons of the map's palette that show groups and changes, each with its list. */
import { ActionIcon, Popover, Tooltip } from "@mantine/core";
import { IconArrowsShuffle, IconCircleDashed } from "@tabler/icons-react";
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { useStore } from "zustand";
import { loadLater } from "../../lib/load-later";
import { type Explored, toggleExplored } from "../../state/explore";
import { useProject } from "../label/project-context";
import classes from "./explore.module.css";

const ChangeList = lazy(() =>
  loadLater(() => import("./change-list").then(({ ChangeList }) => ({ default: ChangeList }))),
);
const ClusterList = lazy(() =>
  loadLater(() => import("./cluster-list").then(({ ClusterList }) => ({ default: ClusterList }))),
);

interface Entry {
  what: Explored;
  title: string;
  icon: ReactNode;
  List: ComponentType;
}

const ENTRIES: readonly Entry[] = [
  { what: "clusters", title: "Groups on the map", icon: <IconCircleDashed size={16} />, List: ClusterList },
  {
    what: "changes",
    title: "What changed with the last model",
    icon: <IconArrowsShuffle size={16} />,
    List: ChangeList,
  },
];

export function ExploreTools() {
  const { session } = useProject();
  const shown = useStore(session.explore, (state) => state.shown);
  return ENTRIES.map(({ what, title, icon, List }) => {
    const isOpen = shown === what;
    // A popover also says that it closed when the other one was opened in its place.
    const close = () => {
      if (session.explore.getState().shown === what) session.explore.setState({ shown: null, marked: null });
    };
    return (
      <Popover
        key={what}
        opened={isOpen}
        onClose={close}
        closeOnClickOutside={false}
        position="top"
        width={330}
        returnFocus
      >
        <Popover.Target>
          <Tooltip label={title} disabled={isOpen}>
            <ActionIcon
              className={classes.tool}
              data-on={isOpen}
              aria-label={title}
              aria-expanded={isOpen}
              onClick={() => toggleExplored(session.explore, what)}
              data-testid={`explore-${what}`}
            >
              {icon}
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown} aria-label={title} data-testid={`${what}-list`}>
          <Suspense fallback={null}>{isOpen && <List />}</Suspense>
        </Popover.Dropdown>
      </Popover>
    );
  });
}
