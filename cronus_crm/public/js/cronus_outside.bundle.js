// The pages for people without a place in the desk: the public form, the portal, ratings, solutions.
import { follow_forms } from "./outside/outside_forms";
import { follow_contact_form } from "./outside/contact_form";
import { follow_solution } from "./outside/solution_page";

follow_forms();
follow_contact_form();
follow_solution();
