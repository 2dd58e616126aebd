// The pages for people without a place in the desk: the public form, the portal, ratings.
import { follow_forms } from "./outside/outside_forms";
import { follow_contact_form } from "./outside/contact_form";

follow_forms();
follow_contact_form();
