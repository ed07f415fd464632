// Last of the modules: every kind of phone is there.
import { start } from "./phones.js";

start();
