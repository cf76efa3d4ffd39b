app-customers = Clients
