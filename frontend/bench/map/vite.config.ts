/** Builds the page of the map alone: `vite build --config bench/map/vite.config.ts --outDir <folder>`. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export default defineConfig({
  root: at("."),
  base: "./",
  build: {
    target: "es2022",
    emptyOutDir: true,
    manifest: true,
    rollupOptions: {
      // The engine alone too, for the size of its bundle.
      input: { index: at("index.html"), engine: at("../../src/scatter/index.ts") },
      preserveEntrySignatures: "strict",
    },
  },
  worker: { format: "es" },
});
