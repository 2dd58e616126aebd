cronus_crm.commercial_document.register("Cronus Sales Note");
