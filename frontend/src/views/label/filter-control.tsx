import { Button, Popover, Tooltip } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { useStore } from "zustand";
import { setKeys } from "../../lib/filter";
import { loadLater } from "../../lib/load-later";
import classes from "./filter-control.module.css";
import { useProject } from "./project-context";

const FilterForm = lazy(() =>
  loadLater(() => import("./filter-form").then(({ FilterForm }) => ({ default: FilterForm }))),
);

/** Opens the filter; shows how much it asks for. */
export function FilterControl() {
  const { session } = useProject();
  const num = useStore(session.filter, (state) => setKeys(state.filter).length);
  const isOpen = useStore(session.screen, (screen) => screen.isFilterOpen);
  const open = (isFilterOpen: boolean) => session.screen.setState({ isFilterOpen });
  return (
    <Popover
      opened={isOpen}
      onChange={open}
      position="bottom-start"
      width={320}
      offset={12}
      trapFocus
      returnFocus
      closeOnClickOutside={false}
    >
      <Popover.Target>
        <Tooltip label="Show some of the images (Ctrl+F)">
          <Button
            variant={num > 0 ? "light" : "default"}
            leftSection={<IconFilter size={14} />}
            onClick={() => open(!isOpen)}
            data-testid="filter-button"
            data-active={num}
          >
            Filter{num > 0 && <span className={`${classes.count} num`}>{num}</span>}
          </Button>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label="Filter">
        {isOpen && (
          <Suspense fallback={null}>
            <FilterForm onClose={() => open(false)} />
          </Suspense>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
