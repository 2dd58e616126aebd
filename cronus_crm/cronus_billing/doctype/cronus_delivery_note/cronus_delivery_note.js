cronus_crm.commercial_document.register("Cronus Delivery Note");
