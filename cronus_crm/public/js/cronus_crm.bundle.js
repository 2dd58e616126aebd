// First, as the others use these when they are loaded.
import "./desk/boot_values";
import "./desk/amounts";
import "./desk/default_tax";
import "./desk/empty_lists";
import "./desk/master_options";
import "./desk/paged_list";
import "./desk/program_codes";
import "./reports/report_filters";
import "./reports/report_links";
import "./reports/customer_report_filters";

import "./activities/activity_dialogs";
import "./customers/contacts_and_addresses";
import "./customers/customer_analysis_tab";
import "./customers/customer_history_tabs";
import "./customers/merge_dialog";
import "./dashboard/dashboard_choice";
import "./documents/chain_buttons";
import "./documents/commercial_document_form";
import "./documents/document_preview";
import "./documents/rates_as_written";
import "./first_day/guide_page";
import "./first_day/company_step";
import "./first_day/people_step";
import "./first_day/later_steps";
import "./opportunities/opportunity_dialogs";
import "./prospects/duplicate_warning";
import "./prospects/prospect_dialogs";

// Extensions of the framework; each file gives its reason.
import "./framework/calendar_methods";
import "./framework/company_day";
import "./framework/currency_fields";
import "./framework/form_menu";
import "./framework/kanban_board";
import "./framework/moment_fields";
import "./framework/search_bar";
import "./framework/select_context";
import "./framework/workspace_widgets";
