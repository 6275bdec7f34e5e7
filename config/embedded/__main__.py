from config.embedded.supervisor import main

main()
