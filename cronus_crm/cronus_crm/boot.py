from cronus_crm.cronus_crm.doctype.cronus_crm_settings.cronus_crm_settings import company_currency


def extend_bootinfo(bootinfo) -> None:
	"""Hook of the same name: what the forms need to know before they ask the server."""
	bootinfo.cronus_currency = company_currency()
