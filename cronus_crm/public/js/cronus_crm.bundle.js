import "./program_codes";
import "./commercial_document";
