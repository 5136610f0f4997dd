import { describePython } from "./python.ts";

describePython("nbconvert", "notebook.py", ["nbconvert", "nbclient", "nbformat"], { minutes: 10 });
