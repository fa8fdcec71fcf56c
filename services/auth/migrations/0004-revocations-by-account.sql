-- Every refresh asks when the account's sessions ended last.
create index revocation_account on revocation (account);
